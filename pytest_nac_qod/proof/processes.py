"""Processes that share the proofs, and know the releases that this one knows."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from pytest_nac_qod.catalogue import drafts


def pool(workers: int) -> ProcessPoolExecutor:
    """So many processes, each with the folders of drafts that are in use here."""
    return ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=drafts.use_all, initargs=(drafts.in_use(),)
    )
