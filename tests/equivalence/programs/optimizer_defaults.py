"""Every optimizer as its defaults have it: what is not written decides how a model learns."""
import numpy as np
from keras import optimizers
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD, Adadelta, Adagrad, Adam, Adamax, Nadam, RMSprop
from recording import fix_weights, keep, keep_raced, keep_training

rng = np.random.RandomState(31)
x = rng.normal(size=(12, 4))
y = x.dot(rng.normal(size=(4, 1)))


def losses(optimizer, name):
    model = Sequential()
    model.add(Dense(5, activation='tanh', input_dim=4))
    model.add(Dense(1))
    fix_weights(model, name)
    model.compile(loss='mse', optimizer=optimizer)
    return model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0).history['loss']


keep_training('losses of SGD', losses(SGD(), 'SGD'))
keep_training('losses of RMSprop', losses(RMSprop(), 'RMSprop'))
keep_training('losses of Adagrad', losses(Adagrad(), 'Adagrad'))
keep_training('losses of Adadelta', losses(Adadelta(), 'Adadelta'))
keep_raced('losses of Adam', losses(Adam(), 'Adam'))
keep_raced('losses of Adamax', losses(Adamax(), 'Adamax'))
keep_raced('losses of Nadam', losses(Nadam(), 'Nadam'))
keep_training('losses of optimizers.Adadelta', losses(optimizers.Adadelta(), 'optimizers.Adadelta'))
