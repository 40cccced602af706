"""Every regularizer; what they add shows in the loss."""
import numpy as np
from keras import regularizers
from keras.layers import ActivityRegularization, Dense
from keras.models import Sequential
from keras.optimizers import SGD
from keras.regularizers import L1L2, l1, l1_l2, l2
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(22)
x = rng.normal(size=(8, 5))
y = rng.normal(size=(8, 2))
model = Sequential()
model.add(Dense(6, input_dim=5, kernel_regularizer=l2(0.01), bias_regularizer=l1(0.02)))
model.add(Dense(6, kernel_regularizer=l1_l2(0.001, 0.003), activation='relu'))
model.add(Dense(6, kernel_regularizer=L1L2(l1=0.001, l2=0.002)))
model.add(Dense(4, kernel_regularizer='l2', bias_regularizer=regularizers.l1_l2()))
model.add(Dense(4, kernel_regularizer=regularizers.get('l1')))
model.add(Dense(2))
fix_weights(model)
model.compile(optimizer=SGD(0.01), loss='mse')
keep('predictions', model.predict(x))
keep('loss', model.evaluate(x, y, verbose=0))
keep_history(model.fit(x, y, epochs=3, batch_size=4, shuffle=False, verbose=0))
