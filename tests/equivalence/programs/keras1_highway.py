"""Highway and MaxoutDense, as they were used before residual connections."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense
from keras.layers.core import Highway, MaxoutDense
from keras.models import Sequential
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(118)
X, y = rng.normal(size=(8, 5)), rng.normal(size=(8, 2))

model = Sequential()
model.add(Dense(6, input_dim=5, activation='tanh'))
model.add(Highway(activation='relu'))
model.add(Highway(activation='tanh', bias=False))
model.add(MaxoutDense(output_dim=3, nb_feature=2))
model.add(MaxoutDense(2, 3, init='uniform'))
fix_weights(model)
model.compile(loss='mse', optimizer='sgd')
keep('predictions', model.predict(X))
keep_history(model.fit(X, y, batch_size=4, nb_epoch=2, verbose=0, shuffle=False))
