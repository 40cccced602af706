"""Every optimizer by its name, which stands for the defaults of Keras 1 as well."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep_raced, keep_training

rng = np.random.RandomState(126)
X = rng.normal(size=(12, 4))
y = X.dot(rng.normal(size=(4, 1)))


def network(name):
    model = Sequential([Dense(5, activation='tanh', input_dim=4), Dense(1)])
    fix_weights(model, name)
    return model


def losses(model):
    return model.fit(X, y, batch_size=4, nb_epoch=3, shuffle=False, verbose=0).history['loss']


model = network('sgd')
model.compile(loss='mse', optimizer='sgd')
keep_training('losses of sgd', losses(model))
model = network('rmsprop')
model.compile('rmsprop', 'mse')
keep_training('losses of rmsprop', losses(model))
model = network('adagrad')
model.compile(loss='mse', optimizer='adagrad')
keep_training('losses of adagrad', losses(model))
model = network('adadelta')
model.compile(loss='mse', optimizer='adadelta')
keep_training('losses of adadelta', losses(model))
model = network('adam')
model.compile(loss='mse', optimizer='adam')
keep_raced('losses of adam', losses(model))
model = network('adamax')
model.compile(loss='mse', optimizer='adamax')
keep_raced('losses of adamax', losses(model))
model = network('nadam')
model.compile(loss='mse', optimizer='nadam')
keep_raced('losses of nadam', losses(model))
