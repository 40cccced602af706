"""Optimizers with their arguments by position and by name: rate, momentum, decay, epsilon, clipping."""
import numpy as np
from keras import optimizers
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep_raced, keep_training

rng = np.random.RandomState(33)
x = rng.normal(size=(12, 4))
y = x.dot(rng.normal(size=(4, 1)))


def losses(optimizer, name):
    model = Sequential([Dense(5, activation='tanh', input_dim=4), Dense(1)])
    fix_weights(model, name)
    model.compile(loss='mse', optimizer=optimizer)
    return model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0).history['loss']


keep_training('losses of sgd', losses(optimizers.SGD(0.05, 0.9), 'sgd'))
keep_raced('losses with decay', losses(optimizers.SGD(lr=0.1, decay=0.1), 'decay'))
keep_training('losses with norms clipped', losses(optimizers.SGD(lr=0.1, clipnorm=0.3), 'clipnorm'))
keep_training('losses with values clipped', losses(optimizers.SGD(lr=0.1, clipvalue=0.1), 'clipvalue'))
keep_training('losses of rmsprop', losses(optimizers.RMSprop(lr=0.01, rho=0.8, epsilon=1e-6), 'rmsprop'))
keep_raced('losses of rmsprop with decay', losses(optimizers.rmsprop(lr=0.01, decay=1e-3), 'rmsprop decay'))
keep_training('losses of adagrad', losses(optimizers.Adagrad(lr=0.05, epsilon=1e-6), 'adagrad'))
keep_training('losses of adadelta', losses(optimizers.Adadelta(lr=0.5, rho=0.9, epsilon=1e-6), 'adadelta'))
keep_raced('losses of adam', losses(optimizers.Adam(lr=0.01, beta_1=0.8, beta_2=0.99, epsilon=1e-6), 'adam'))
keep_raced('losses of amsgrad', losses(optimizers.Adam(lr=0.01, amsgrad=True), 'amsgrad'))
keep_raced('losses of adam with decay', losses(optimizers.adam(lr=0.01, decay=1e-2), 'adam decay'))
keep_raced('losses of adamax', losses(optimizers.Adamax(lr=0.01), 'adamax'))
keep_raced('losses of nadam', losses(optimizers.Nadam(lr=0.01, schedule_decay=0.004), 'nadam'))
