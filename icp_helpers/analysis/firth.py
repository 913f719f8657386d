"""Logistic regression that stays finite: Firth's penalised likelihood (Biometrika 1993; Heinze and Schemper 2002)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.special import expit, log_expit

MOST_ROUNDS, CONVERGED = 100, 1e-6
LONGEST_STEP = 5.0


@dataclass(frozen=True)
class Logit:
    """Coefficients (the intercept first) and their covariance."""

    coefficients: np.ndarray
    covariance: np.ndarray
    converged: bool


def fit_firth(design: np.ndarray, hit: np.ndarray) -> Logit:
    """The logit of `hit` (0/1) on `design` (n x p, the first column ones), finite also where a column separates the two.

    Newton steps on the log-likelihood plus half the log determinant of the information, halved until they climb.
    """
    coefficients = np.zeros(design.shape[1])
    value, score, factor = _penalised(design, hit, coefficients)
    for _ in range(MOST_ROUNDS):
        step = cho_solve(factor, score)
        step *= min(1.0, LONGEST_STEP / max(np.abs(step).max(), 1e-12))
        if np.abs(step).max() < CONVERGED:
            return Logit(coefficients, cho_solve(factor, np.eye(len(step))), True)
        for _halving in range(25):
            tried = _penalised(design, hit, coefficients + step)
            if tried[0] >= value - 1e-12:
                break
            step = step / 2
        coefficients, (value, score, factor) = coefficients + step, tried
    return Logit(coefficients, cho_solve(factor, np.eye(len(coefficients))), False)


def _penalised(design: np.ndarray, hit: np.ndarray, coefficients: np.ndarray):
    """The penalised log-likelihood, its modified score, and the Cholesky factor of the information."""
    linear = design @ coefficients
    share = expit(linear)
    weighted = design * np.sqrt(share * (1 - share))[:, None]
    information = weighted.T @ weighted
    try:
        factor = cho_factor(information, lower=True)
    except LinAlgError:  # all shares are 0 or 1: the step was too long, and is halved
        return -np.inf, None, None
    leverage = (weighted * cho_solve(factor, weighted.T).T).sum(axis=1)
    score = design.T @ (hit - share + leverage * (0.5 - share))
    likelihood = np.where(hit > 0, log_expit(linear), log_expit(-linear)).sum()
    return likelihood + np.log(np.diag(factor[0])).sum(), score, factor


def margin(logit: Logit, design: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """The mean predicted share over the rows of a counterfactual design, its gradient, and the shares row by row."""
    share = expit(design @ logit.coefficients)
    return float(share.mean()), (share * (1 - share)) @ design / len(design), share
