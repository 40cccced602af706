"""A character model with SimpleRNN, unrolled and backwards."""
import numpy as np
from keras.layers import Activation, Dense, Embedding
from keras.layers.recurrent import SimpleRNN
from keras.models import Sequential
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(25)
x = rng.randint(12, size=(8, 5))
y = rng.randint(12, size=(8, 1))
model = Sequential()
model.add(Embedding(output_dim=4, input_dim=12, input_length=5))
model.add(SimpleRNN(6, return_sequences=True, unroll=True))
model.add(SimpleRNN(5, go_backwards=True, activation='relu', recurrent_dropout=0.0))
model.add(Dense(12))
model.add(Activation('softmax'))
fix_weights(model)
model.compile(loss='sparse_categorical_crossentropy', optimizer='sgd', metrics=['acc'])
keep('predictions', model.predict(x))
keep_history(model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0))
