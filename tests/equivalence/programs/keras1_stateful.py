"""`stateful_lstm.py`: states that stay between batches, until they are reset."""
# sources: 1.2.2
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM
from recording import fix_weights, keep, keep_training

tsteps = 1
batch_size = 4
epochs = 2
cos = np.cos(np.arange(24) / 3.).reshape(24, 1, 1)
expected_output = np.mean([cos[:, 0, :], np.roll(cos[:, 0, :], -1)], axis=0)

model = Sequential()
model.add(LSTM(5, batch_input_shape=(batch_size, tsteps, 1), return_sequences=True, stateful=True))
model.add(LSTM(4, batch_input_shape=(batch_size, tsteps, 1), return_sequences=False, stateful=True))
model.add(Dense(1))
fix_weights(model)
model.compile(loss='mse', optimizer='sgd')

keep('first', model.predict(cos, batch_size=batch_size))
keep('second', model.predict(cos, batch_size=batch_size))
model.reset_states()
keep('again', model.predict(cos, batch_size=batch_size))

for i in range(epochs):
    model.fit(cos, expected_output, batch_size=batch_size, verbose=0, nb_epoch=1, shuffle=False)
    model.reset_states()
keep_training('trained', model.predict(cos, batch_size=batch_size))
model.layers[0].reset_states()
