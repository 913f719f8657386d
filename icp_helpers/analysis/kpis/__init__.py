"""The ten KPIs, honestly: each value with its n, interval, window and status."""

from icp_helpers.analysis.kpis.compute import compute_kpis, kpi_details
from icp_helpers.analysis.kpis.registry import DETAILS, KPIS
from icp_helpers.analysis.kpis.rows import MINIMUM, STATUSES

__all__ = ["DETAILS", "KPIS", "MINIMUM", "STATUSES", "compute_kpis", "kpi_details"]
