"""Every objective by its name and some by their function, on the same predictions."""
# sources: 1.2.2
import numpy as np
from keras import objectives
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep

rng = np.random.RandomState(127)
X = rng.normal(size=(6, 4))
numbers = rng.normal(size=(6, 3))
bits = rng.randint(0, 2, size=(6, 3))
signs = 2 * bits - 1
classes = np.eye(3)[rng.randint(0, 3, size=6)]


def network(name, activation):
    model = Sequential()
    model.add(Dense(3, input_dim=4, activation=activation))
    fix_weights(model, name)
    return model


model = network('linear', 'linear')
for loss in ['mse', 'mean_squared_error', 'mae', 'mean_absolute_error', 'mape', 'mean_absolute_percentage_error',
             'msle', 'mean_squared_logarithmic_error']:
    model.compile(loss=loss, optimizer='sgd')
    keep(loss, model.evaluate(X, numbers, verbose=0))
for loss in ['squared_hinge', 'hinge']:
    model.compile(loss=loss, optimizer='sgd')
    keep(loss, model.evaluate(X, signs, verbose=0))

model = network('sigmoid', 'sigmoid')
model.compile(loss='binary_crossentropy', optimizer='sgd')
keep('binary crossentropy', model.evaluate(X, bits, verbose=0))

model = network('softmax', 'softmax')
model.compile(loss='categorical_crossentropy', optimizer='sgd')
keep('categorical crossentropy', model.evaluate(X, classes, verbose=0))
model.compile(loss='sparse_categorical_crossentropy', optimizer='sgd')
keep('sparse crossentropy', model.evaluate(X, classes.argmax(axis=1).reshape(-1, 1), verbose=0))
model.compile(loss='kullback_leibler_divergence', optimizer='sgd')
keep('kld', model.evaluate(X, classes, verbose=0))
model.compile(loss='poisson', optimizer='sgd')
keep('poisson', model.evaluate(X, classes, verbose=0))
model.compile(loss=objectives.categorical_crossentropy, optimizer='sgd')
keep('function', model.evaluate(X, classes, verbose=0))
model.compile(loss=objectives.mse, optimizer='sgd')
keep('short name', model.evaluate(X, numbers, verbose=0))
