"""BatchNormalization before and after training, with Keras 1's epsilon, momentum and `mode=0`."""
# sources: 1.2.2
import numpy as np
from keras.layers import Activation, Dense
from keras.layers.normalization import BatchNormalization
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history, keep_training

rng = np.random.RandomState(107)
X, y = rng.normal(1., 2., size=(16, 5)), rng.normal(size=(16, 2))

model = Sequential()
model.add(Dense(6, input_dim=5, init='he_normal'))
model.add(BatchNormalization())
model.add(Activation('relu'))
model.add(Dense(4))
model.add(BatchNormalization(epsilon=1e-06, mode=0, axis=-1, momentum=0.9, weights=None))
model.add(Activation('tanh'))
model.add(Dense(2))
fix_weights(model)
model.compile(loss='mse', optimizer=SGD(lr=0.05))
keep('untrained', model.predict(X[:4]))
keep_history(model.fit(X, y, batch_size=8, nb_epoch=3, shuffle=False, verbose=0))
keep_training('trained', model.predict(X[:4]))
keep_training('moving mean', model.layers[4].get_weights()[2])
keep_training('moving variance', model.layers[4].get_weights()[3])
