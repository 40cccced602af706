"""`epsilon=None` stood for the default, and `decay=0.0` was written out, as Keras' own signatures had them."""
# sources: 2.2.4
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD, Adagrad, Adam, RMSprop
from recording import fix_weights, keep_raced, keep_training

rng = np.random.RandomState(91)
x = rng.normal(size=(12, 4))
y = x.dot(rng.normal(size=(4, 1)))


def losses(optimizer, name):
    model = Sequential([Dense(5, activation='tanh', input_dim=4), Dense(1)])
    fix_weights(model, name)
    model.compile(loss='mse', optimizer=optimizer)
    return model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0).history['loss']


keep_training('losses of sgd', losses(SGD(lr=0.05, momentum=0.0, decay=0.0, nesterov=False), 'sgd'))
keep_raced('losses of nesterov', losses(SGD(0.05, 0.9, 1e-3, True), 'nesterov'))
keep_training('losses of rmsprop', losses(RMSprop(lr=0.001, rho=0.9, epsilon=None, decay=0.0), 'rmsprop'))
keep_training('losses of adagrad', losses(Adagrad(lr=0.01, epsilon=None, decay=0.0), 'adagrad'))
keep_raced('losses of adam', losses(Adam(lr=0.01, beta_1=0.9, beta_2=0.999, epsilon=None, decay=0.0, amsgrad=False), 'adam'))
keep_raced('losses by position', losses(Adam(0.01, 0.9, 0.999, 1e-8, 1e-3), 'position'))
