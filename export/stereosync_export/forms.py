"""The forms of an exported graph: for each device the opset, precision and state that it runs best.

* The plain form (float32, opset 20) runs everywhere. The CPU's int8 form is made where asked for.
* Devices keep states in pools. CUDA gets opset 23 where that fuses something (Attention): a transformer's step took
  2.06 ms there and 2.70 ms in opset 18 on an H100. TensorRT-RTX does not build Attention in float32: opset 20.
* Half precision is there to be asked for, never by default: it was never heard on a device.
"""

from __future__ import annotations

from dataclasses import dataclass

CPU = ("cpu",)
CUDA = ("cuda",)
TENSORRT = ("tensorrt", "rtx", "ort-tensorrt")
OPSET, FUSING_OPSET = 20, 23
FUSED = "Attention"  # the operator of `FUSING_OPSET` that is worth a form of its own


@dataclass(frozen=True)
class ExportForm:
    """One file of a graph. `devices` are those that it is meant for; none: all."""

    precision: str
    opset: int
    devices: tuple[str, ...] = ()
    pooled: bool = False
    trimmed: bool = False

    def file(self, graph: str, opset: int) -> str:
        """The file's name, where plain forms are of `opset`; a form that is the plain one shares its file."""
        if self.precision == "fp32" and not (self.pooled or self.trimmed) and self.opset == opset:
            return f"{graph}.onnx"
        return f"{graph}.{self.devices[0]}.{self.precision}.onnx"

    @property
    def words(self) -> str:
        """The form in words, for the console."""
        return f"{self.precision} for {'/'.join(self.devices)}"


def device_forms(precision: str, opset: int, fuses: bool, pooled: bool) -> list[ExportForm]:
    """The forms for CUDA and TensorRT in one precision: one, or one each where CUDA has an operator that fuses."""
    if not fuses:
        return [ExportForm(precision, opset, CUDA + TENSORRT, pooled)]
    return [ExportForm(precision, FUSING_OPSET, CUDA, pooled), ExportForm(precision, opset, TENSORRT, pooled)]


def forms_of(
    precisions: tuple[str, ...], opset: int, fuses: bool, pooled: bool, trims: bool = False
) -> list[ExportForm]:
    """Every form but the plain one, in order of preference: int8 where it is wanted, float32 before halves."""
    forms = [ExportForm("int8", opset, CPU, trimmed=trims)] if "int8" in precisions else []
    if trims:
        forms.append(ExportForm("fp32", opset, CPU, trimmed=True))
    forms += device_forms("fp32", opset, fuses, pooled)
    if "fp16" in precisions:
        forms += device_forms("fp16", opset, fuses, pooled)
    return forms
