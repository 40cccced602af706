"""What the tool knows of Keras' history: one folder an idiom family, with its tables beside the modules."""

import libcst as cst

from ..transform import File
from . import methods, subclassing
from .calls import arguments, numpy_integers, time_distributed_dense, word_dropout
from .dependencies import mixed_keras
from .dependencies.commands import of_command
from .graphs import (
    backend_calls,
    backend_functions,
    backends,
    batch_products,
    channels_first,
    decorators,
    default_graphs,
    graph_programs,
    image_order,
    multi_gpu,
    placeholders,
    sessions,
    tensor_attributes,
    tensorflow_1,
    training_phase,
    variable_sums,
)
from .methods import sequential_tensors, shared_optimizers, wrapped_layers
from .names import (
    dynamic_names,
    imports,
    initial_values,
    keras_switches,
    merged_models,
    merging,
    star_names,
    string_names,
    symbols,
    written_out,
)
from .names.imports import ImportPlan as plan_imports
from .names.shown_names import of_name
from .names.symbols import split, star
from .reading import values
from .reading.evidence import source_of
from .silent_changes import (
    activity_penalties,
    bilinear_resizing,
    default_epochs,
    defaults,
    epsilon,
    frozen_normalization,
    hard_sigmoid,
    merged_masks,
    optimizer_names,
)
from .subclassing import fixed_phases, loss_targets, told_training
from .training import (
    crossentropies,
    hinge_labels,
    identifiers,
    log_keys,
    masked_model_files,
    model_files,
    model_loading,
    old_model_files,
    output_metrics,
    sklearn_wrappers,
    yaml_descriptions,
)

__all__ = [
    "MOVES",
    "ORDER",
    "of_command",
    "of_name",
    "plan_imports",
    "source_of",
    "split",
    "star",
    "unreachable",
    "values",
]


def unreachable(file: File) -> frozenset[cst.CSTNode]:
    """Takes out what can never run after the migration: for another backend, or for standalone Keras.

    Args:
        file: the file; findings are left there and edits asked for.
    Returns:
        The conditions and arms of ``if`` statements and expressions that go away.
    """
    gone = backends.unreachable(file)
    return gone | keras_switches.folded(file, gone)


MOVES = frozenset(rule.code for each in (symbols.TRANSFORM, imports.TRANSFORM) for rule in each.rules)
"""The codes of the rules that move names together with their imports."""

ORDER = (
    symbols.TRANSFORM,
    star_names.TRANSFORM,
    string_names.TRANSFORM,
    dynamic_names.TRANSFORM,
    mixed_keras.TRANSFORM,
    backends.TRANSFORM,
    keras_switches.TRANSFORM,
    graph_programs.TRANSFORM,
    default_graphs.TRANSFORM,
    decorators.TRANSFORM,
    sessions.TRANSFORM,
    tensorflow_1.TRANSFORM,
    training_phase.TRANSFORM,
    backend_functions.TRANSFORM,
    placeholders.TRANSFORM,
    sequential_tensors.TRANSFORM,
    backend_calls.TRANSFORM,
    multi_gpu.TRANSFORM,
    image_order.TRANSFORM,
    channels_first.TRANSFORM,
    initial_values.TRANSFORM,
    merged_masks.TRANSFORM,
    merging.TRANSFORM,
    merged_models.TRANSFORM,
    time_distributed_dense.TRANSFORM,
    word_dropout.TRANSFORM,
    written_out.TRANSFORM,
    yaml_descriptions.TRANSFORM,
    activity_penalties.TRANSFORM,
    tensor_attributes.TRANSFORM,
    variable_sums.TRANSFORM,
    wrapped_layers.TRANSFORM,
    batch_products.TRANSFORM,
    arguments.TRANSFORM,
    numpy_integers.TRANSFORM,
    defaults.TRANSFORM,
    default_epochs.TRANSFORM,
    epsilon.TRANSFORM,
    fixed_phases.TRANSFORM,
    frozen_normalization.TRANSFORM,
    optimizer_names.TRANSFORM,
    shared_optimizers.TRANSFORM,
    bilinear_resizing.TRANSFORM,
    hard_sigmoid.TRANSFORM,
    *subclassing.TRANSFORMS,
    told_training.TRANSFORM,
    *methods.TRANSFORMS,
    identifiers.TRANSFORM,
    crossentropies.TRANSFORM,
    hinge_labels.TRANSFORM,
    loss_targets.TRANSFORM,
    log_keys.TRANSFORM,
    model_files.TRANSFORM,
    model_loading.TRANSFORM,
    old_model_files.TRANSFORM,
    masked_model_files.TRANSFORM,
    sklearn_wrappers.TRANSFORM,
    output_metrics.TRANSFORM,
    imports.TRANSFORM,
)
"""The transforms in the order in which they see a file."""
