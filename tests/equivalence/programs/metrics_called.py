"""Metrics that are called on numbers, without a model; a metric made of a function."""
# fails on 2.15, 2.21: huber was by element and is by sample
# sources: 2.3.1
import numpy as np
from keras import backend as K
from keras.layers import Dense
from keras.losses import huber_loss
from keras.metrics import Accuracy, Mean, MeanMetricWrapper, Sum
from keras.models import Sequential
from recording import fix_weights, keep

keep('mean', float(K.eval(Mean()(K.constant([1., 3., 5., 7.])))))
keep('sum', float(K.eval(Sum()(K.constant([1., 3., 5., 7.])))))
keep('accuracy', float(K.eval(Accuracy()(K.constant([[1.], [2.], [3.]]), K.constant([[0.], [2.], [3.]])))))
keep('huber', K.eval(huber_loss(K.constant([[0.2, 0.9], [2.5, 0.]]), K.constant([[0., 1.], [1., 0.]]))))


def within(y_true, y_pred, margin=0.5):
    return K.cast(K.abs(y_true - y_pred) < margin, 'float32')


rng = np.random.RandomState(94)
model = Sequential([Dense(1, input_dim=3)])
fix_weights(model)
model.compile('sgd', 'mse', metrics=[MeanMetricWrapper(within, name='within', margin=0.3)])
keep('evaluated', model.evaluate(rng.normal(size=(8, 3)), rng.normal(size=(8, 1)), verbose=0))
