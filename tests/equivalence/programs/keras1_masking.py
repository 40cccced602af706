"""Steps that are masked: by zeros of an embedding and by a value, through wrappers and recurrent layers."""
# sources: 1.2.2
import numpy as np
from keras.layers import Activation, Bidirectional, Dense, Embedding, GRU, LSTM, Masking, SimpleRNN
from keras.layers.wrappers import TimeDistributed
from keras.models import Sequential
from keras.preprocessing.sequence import pad_sequences
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(110)
words = pad_sequences([list(rng.randint(1, 12, size=n)) for n in (2, 5, 3, 6)], maxlen=6)
labels = rng.randint(0, 2, size=(4, 1))

model = Sequential()
model.add(Embedding(output_dim=5, input_dim=12, input_length=6, mask_zero=True))
model.add(Bidirectional(LSTM(3, return_sequences=True)))
model.add(TimeDistributed(Dense(4, activation='tanh')))
model.add(GRU(4))
model.add(Dense(1))
model.add(Activation('sigmoid'))
fix_weights(model)
model.compile(loss='binary_crossentropy', optimizer='sgd', metrics=['accuracy'])
keep('predictions', model.predict(words))
keep_history(model.fit(words, labels, batch_size=4, nb_epoch=2, verbose=0))

series = rng.normal(size=(3, 5, 2))
series[0, 3:] = -1.
series[2, 1:] = -1.
model = Sequential()
model.add(Masking(mask_value=-1., input_shape=(5, 2)))
model.add(LSTM(4, return_sequences=True))
model.add(SimpleRNN(3, return_sequences=False))
fix_weights(model, 'series')
model.compile('sgd', 'mse')
keep('series', model.predict(series))
