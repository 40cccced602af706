"""Every loss as a function: called on tensors, and given to compile."""
import numpy as np
import keras
from keras import backend as K
from keras import losses
from keras.layers import Dense
from keras.losses import (binary_crossentropy, categorical_crossentropy, categorical_hinge, cosine_proximity, hinge,
                          kullback_leibler_divergence, logcosh, mean_absolute_error, mean_absolute_percentage_error,
                          mean_squared_error, mean_squared_logarithmic_error, poisson, sparse_categorical_crossentropy,
                          squared_hinge)
from keras.models import Sequential
from recording import fix_weights, keep

rng = np.random.RandomState(35)
one = rng.uniform(0.1, 0.9, size=(4, 3))
other = rng.uniform(0.1, 0.9, size=(4, 3))
true = K.variable(one / one.sum(axis=-1, keepdims=True))
pred = K.variable(other / other.sum(axis=-1, keepdims=True))
labels = K.variable(np.eye(3)[[0, 2, 1, 1]])
signs = K.variable(2 * np.eye(3)[[0, 2, 1, 1]] - 1)

keep('mean_squared_error', K.eval(mean_squared_error(true, pred)))
keep('mean_absolute_error', K.eval(mean_absolute_error(true, pred)))
keep('mean_absolute_percentage_error', K.eval(mean_absolute_percentage_error(true, pred)))
keep('mean_squared_logarithmic_error', K.eval(mean_squared_logarithmic_error(true, pred)))
keep('squared_hinge', K.eval(squared_hinge(signs, pred)))
keep('hinge', K.eval(hinge(signs, pred)))
keep('categorical_hinge', K.eval(categorical_hinge(labels, pred)))
keep('logcosh', K.eval(logcosh(true, pred)))
keep('categorical_crossentropy', K.eval(categorical_crossentropy(labels, pred)))
keep('binary_crossentropy', K.eval(binary_crossentropy(labels, pred)))
keep('kullback_leibler_divergence', K.eval(kullback_leibler_divergence(true, pred)))
keep('poisson', K.eval(poisson(true, pred)))
keep('cosine_proximity', K.eval(cosine_proximity(true, pred)))
keep('aliases', [K.eval(losses.mse(true, pred)), K.eval(losses.MAE(true, pred)), K.eval(losses.mape(true, pred)),
                 K.eval(losses.MSLE(true, pred)), K.eval(losses.kld(true, pred))])

x = rng.normal(size=(6, 4))
model = Sequential([Dense(3, activation='softmax', input_dim=4)])
fix_weights(model)
model.compile('sgd', loss=losses.categorical_crossentropy)
keep('loss of classes', model.evaluate(x, np.eye(3)[rng.randint(3, size=6)], verbose=0))
model.compile('sgd', loss=keras.losses.sparse_categorical_crossentropy)
keep('loss of sparse classes', model.evaluate(x, rng.randint(3, size=(6, 1)), verbose=0))
model.compile('sgd', loss=sparse_categorical_crossentropy)
keep('loss of sparse classes again', model.evaluate(x, rng.randint(3, size=(6, 1)), verbose=0))
model.compile('sgd', loss=mean_squared_error)
keep('loss of squares', model.evaluate(x, rng.normal(size=(6, 3)), verbose=0))
model.compile('sgd', loss=losses.get('logcosh'))
keep('loss of logcosh', model.evaluate(x, rng.normal(size=(6, 3)), verbose=0))
