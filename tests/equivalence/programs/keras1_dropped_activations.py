"""Activations with weights that Keras 2 has no layers for."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense
from keras.layers.advanced_activations import ParametricSoftplus, SReLU
from keras.models import Sequential
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(152)
X, y = rng.normal(size=(8, 5)), rng.normal(size=(8, 2))

model = Sequential()
model.add(Dense(6, input_dim=5))
model.add(ParametricSoftplus(alpha_init=0.2, beta_init=5.))
model.add(Dense(4))
model.add(SReLU())
model.add(Dense(2))
fix_weights(model)
model.compile('sgd', 'mse')
keep('predictions', model.predict(X))
keep_history(model.fit(X, y, batch_size=4, nb_epoch=2, verbose=0, shuffle=False))
