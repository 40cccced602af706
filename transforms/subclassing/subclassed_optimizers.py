"""Classes that derive from ``Optimizer`` and give their updates by ``get_updates``."""

from __future__ import annotations

from ...findings import Level, Rule
from ...transform import ClassUse, File, Transform

OPTIMIZER_UPDATES = Rule(
    "KM520",
    "optimizer-updates",
    "Report optimizers that give their updates by `get_updates`.",
    "An optimizer of Keras 1 and 2 makes all updates of a step in `get_updates`. tf.keras never calls it: "
    "its optimizers make their variables in `build` and update one weight at a time in `update_step`.",
    before=(
        "from keras.optimizers import Optimizer\n\n\nclass MyOptimizer(Optimizer):\n"
        "    def get_updates(self, loss, params):\n        return self.updates\n"
    ),
)

TRANSFORM = Transform("optimizers", OPTIMIZER_UPDATES)


@TRANSFORM.subclass("keras.optimizers.Optimizer")
def report(file: File, use: ClassUse) -> None:
    """Says what an optimizer has to become."""
    method = use.methods.get("get_updates")
    if method is None or "update_step" in use.methods:
        return
    step = "gradient, variable, learning_rate" if file.target.keras3 else "gradient, variable"
    slot = (
        "`self.add_variable_from_reference(v, name='m')`"
        if file.target.keras3
        else "`self.add_variable_from_reference(v, 'm')`"
    )
    rate = (
        "`super().__init__(learning_rate=…, name=…)`"
        if file.target.keras3
        else "`super().__init__(name=…)` and `self._learning_rate = self._build_learning_rate(learning_rate)`"
    )
    message = (
        f"`get_updates` is never called: give `{use.node.name.value}` these methods in its place. `__init__` "
        f"calls {rate}; `build(self, var_list)` calls `super().build(var_list)` and makes what is kept for "
        f"each weight, {slot} for v in var_list; `update_step(self, {step})` assigns the new value of one "
        f"weight, with `self.iterations` and `variable.assign_sub(…)`; `get_config` adds the arguments"
    )
    file.report(OPTIMIZER_UPDATES, Level.MANUAL, method, message, "keras.optimizers.Optimizer.get_updates")
