"""The classes of metrics that came with 2.3."""
# sources: 2.3.1
import keras
import numpy as np
from keras import backend as K
from keras import metrics
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(39)
x = rng.normal(size=(12, 4))
y = (x[:, :1] > 0).astype('float32')
model = Sequential([Dense(1, activation='sigmoid', input_dim=4)])
fix_weights(model)


class Positives(metrics.Metric):
    """How many samples are found positive."""

    def __init__(self, name='positives', **kwargs):
        super(Positives, self).__init__(name=name, **kwargs)
        self.count = self.add_weight(name='count', initializer='zeros')

    def update_state(self, y_true, y_pred, sample_weight=None):
        return K.update_add(self.count, K.sum(K.cast(y_pred > 0.5, 'float32')))

    def result(self):
        return self.count + 0.


model.compile(loss='binary_crossentropy', optimizer='sgd', metrics=[
    metrics.BinaryAccuracy(), metrics.Precision(), metrics.Recall(), metrics.AUC(num_thresholds=20), metrics.TruePositives(),
    metrics.TrueNegatives(), metrics.FalsePositives(), metrics.FalseNegatives(), metrics.MeanSquaredError(),
    metrics.RootMeanSquaredError(), metrics.MeanAbsoluteError(), metrics.MeanAbsolutePercentageError(),
    metrics.MeanSquaredLogarithmicError(), metrics.Hinge(), metrics.SquaredHinge(), metrics.BinaryCrossentropy(),
    metrics.Poisson(), metrics.KLDivergence(), metrics.LogCoshError(), metrics.CosineSimilarity(axis=-1),
    metrics.SensitivityAtSpecificity(0.5, num_thresholds=20), metrics.SpecificityAtSensitivity(0.5, num_thresholds=20)])
keep('evaluated', model.evaluate(x, y, batch_size=12, verbose=0))

wide = Sequential([Dense(6, activation='softmax', input_dim=4)])
fix_weights(wide, 'wide')
classes = rng.randint(6, size=12)
wide.compile(loss='categorical_crossentropy', optimizer='sgd',
             metrics=[metrics.CategoricalAccuracy(), metrics.TopKCategoricalAccuracy(k=2), metrics.CategoricalHinge(),
                      metrics.CategoricalCrossentropy()])
keep('classes', wide.evaluate(x, np.eye(6)[classes], verbose=0))
wide.compile(loss='sparse_categorical_crossentropy', optimizer='sgd',
             metrics=[metrics.SparseCategoricalAccuracy(name='acc'), metrics.SparseTopKCategoricalAccuracy(k=2),
                      keras.metrics.SparseCategoricalCrossentropy()])
keep('numbers', wide.evaluate(x, classes, verbose=0))
keep_history(wide.fit(x, classes, epochs=2, batch_size=12, shuffle=False, verbose=0))
