"""The ten KPIs, honestly: each value with its n, interval, window and status."""

from icp_helpers.analysis.kpis.comparison import goal_status, icp_against_others, inside_profile
from icp_helpers.analysis.kpis.compute import compute_kpis, kpi_details
from icp_helpers.analysis.kpis.measuring import MATRIX, POINTS, by_measuring_point
from icp_helpers.analysis.kpis.registry import DETAILS, KPIS
from icp_helpers.analysis.kpis.rows import MINIMUM, STATUSES

__all__ = ["DETAILS", "KPIS", "MATRIX", "MINIMUM", "POINTS", "STATUSES", "by_measuring_point", "compute_kpis",
           "goal_status", "icp_against_others", "inside_profile", "kpi_details"]
