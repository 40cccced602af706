"""Activations that are layers, and those that have a name."""
# sources: 1.2.2
import numpy as np
from keras.layers import Activation, Dense, Input
from keras.layers.advanced_activations import ELU, LeakyReLU, PReLU, ThresholdedReLU
from keras.models import Model, Sequential
from recording import fix_weights, keep

X = np.random.RandomState(119).normal(size=(4, 5))

model = Sequential()
model.add(Dense(6, input_dim=5))
model.add(LeakyReLU())
model.add(Dense(6))
model.add(LeakyReLU(alpha=.1))
model.add(Dense(6))
model.add(PReLU(init='zero'))
model.add(Dense(6))
model.add(ELU())
model.add(Dense(6))
model.add(ELU(alpha=0.5))
model.add(Dense(6))
model.add(ThresholdedReLU(theta=0.1))
model.add(Dense(3))
fix_weights(model)
model.compile('sgd', 'mse')
keep('predictions', model.predict(X))

inputs = Input(shape=(5,))
names = ['softmax', 'softplus', 'softsign', 'relu', 'tanh', 'sigmoid', 'hard_sigmoid', 'linear']  # manual on 2.21: KM302
model = Model(input=inputs, output=[Activation(name)(inputs) for name in names])
for name, value in zip(names, model.predict(X)):
    keep(name, value)
