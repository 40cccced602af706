"""The classes of losses that came with 2.3."""
# fails on 2.21: evaluate gives the metrics of an earlier compile too
# sources: 2.3.1
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.losses import (BinaryCrossentropy, CategoricalCrossentropy, CategoricalHinge, Hinge, Huber, KLDivergence, LogCosh,
                          Loss, MeanAbsoluteError, MeanAbsolutePercentageError, MeanSquaredError,
                          MeanSquaredLogarithmicError, Poisson, SparseCategoricalCrossentropy, SquaredHinge)
from keras.losses import cosine_similarity
from keras.models import Sequential
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(36)
one = rng.uniform(0.1, 0.9, size=(4, 3))
other = rng.uniform(0.1, 0.9, size=(4, 3))
true = K.constant(one / one.sum(axis=-1, keepdims=True))
pred = K.constant(other / other.sum(axis=-1, keepdims=True))
labels = K.constant(np.eye(3)[[0, 2, 1, 1]])
signs = K.constant(2 * np.eye(3)[[0, 2, 1, 1]] - 1)
numbers = K.constant([[0], [2], [1], [1]])

keep('MeanSquaredError', K.eval(MeanSquaredError()(true, pred)))
keep('MeanAbsoluteError', K.eval(MeanAbsoluteError()(true, pred)))
keep('MeanAbsolutePercentageError', K.eval(MeanAbsolutePercentageError()(true, pred)))
keep('MeanSquaredLogarithmicError', K.eval(MeanSquaredLogarithmicError()(true, pred)))
keep('BinaryCrossentropy', K.eval(BinaryCrossentropy(label_smoothing=0.1)(labels, pred)))
keep('CategoricalCrossentropy', K.eval(CategoricalCrossentropy(from_logits=True)(labels, pred)))
keep('SparseCategoricalCrossentropy', K.eval(SparseCategoricalCrossentropy()(numbers, pred)))
keep('Hinge', K.eval(Hinge()(signs, pred)))
keep('SquaredHinge', K.eval(SquaredHinge()(signs, pred)))
keep('CategoricalHinge', K.eval(CategoricalHinge()(labels, pred)))
keep('Poisson', K.eval(Poisson()(true, pred)))
keep('LogCosh', K.eval(LogCosh()(true, pred)))
keep('KLDivergence', K.eval(KLDivergence()(true, pred)))
keep('Huber', K.eval(Huber(delta=0.2)(true, pred)))
keep('cosine_similarity', K.eval(cosine_similarity(true, pred)))


class WeightedSquares(Loss):
    def __init__(self, weight=2., name='weighted_squares', **kwargs):
        super(WeightedSquares, self).__init__(name=name, **kwargs)
        self.weight = weight

    def call(self, y_true, y_pred):
        return self.weight * K.mean(K.square(y_true - y_pred), axis=-1)


x, y = rng.normal(size=(8, 4)), rng.normal(size=(8, 2))
model = Sequential([Dense(2, input_dim=4)])
fix_weights(model)
model.compile('sgd', loss=WeightedSquares(weight=1.5), metrics=['mae'])
keep_history(model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0))
model.compile('sgd', loss=MeanSquaredError(reduction='sum'))
keep('sum', model.evaluate(x, y, verbose=0))
