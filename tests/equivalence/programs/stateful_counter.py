"""A stateful LSTM that carries its state from batch to batch, reset between epochs by hand."""
import numpy as np
from keras.layers import Dense, LSTM
from keras.models import Sequential
from recording import fix_weights, keep, keep_training

x = np.random.RandomState(6).normal(size=(8, 3, 2))
y = x[:, -1, :1]
model = Sequential()
model.add(LSTM(4, batch_input_shape=(4, 3, 2), stateful=True, return_sequences=True))
model.add(LSTM(3, stateful=True))
model.add(Dense(1))
fix_weights(model)
model.compile(loss='mean_squared_error', optimizer='sgd')
first = model.predict(x, batch_size=4)
second = model.predict(x, batch_size=4)
model.reset_states()
keep('first', first)
keep('second', second)
keep('after reset', model.predict(x, batch_size=4))

losses = []
for epoch in range(3):
    model.reset_states()
    history = model.fit(x, y, batch_size=4, epochs=1, shuffle=False, verbose=0)
    losses += history.history['loss']
keep_training('losses', losses)
