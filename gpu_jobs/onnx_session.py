"""How models in ONNX files are run here: on one core, so that equal pictures give equal answers on any machine."""

from __future__ import annotations

import onnxruntime

from gpu_jobs.errors import ModelUnavailable


def session_of(model: bytes, name: str) -> onnxruntime.InferenceSession:
    """A session of a model from its bytes: those that were checked, and no other file. Safe to share among threads.

    Raises ModelUnavailable, with what the model is called.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # workers run beside each other
    options.log_severity_level = 3  # it warns of every weight that it leaves out
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as fault:  # its faults have no base of their own
        raise ModelUnavailable(f"{name} cannot be loaded: {fault}") from fault
