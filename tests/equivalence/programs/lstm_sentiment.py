"""`imdb_lstm.py`: an embedding, a recurrent layer with its defaults, a sigmoid."""
import numpy as np
from keras.preprocessing import sequence
from keras.models import Sequential
from keras.layers import Dense, Embedding
from keras.layers import LSTM
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history

max_features = 20
maxlen = 9
rng = np.random.RandomState(3)
x = [list(rng.randint(1, max_features, size=length)) for length in rng.randint(3, 14, size=16)]
y = rng.randint(2, size=16)
x = sequence.pad_sequences(x, maxlen=maxlen)

model = Sequential()
model.add(Embedding(max_features, 6))
model.add(LSTM(5))
model.add(Dense(1, activation='sigmoid'))
model.build((None, maxlen))
fix_weights(model)
model.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.5), metrics=['accuracy'])
keep('padded', x[:2])
keep('predictions', model.predict(x))
history = model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0)
keep_history(history)
keep('classes', model.predict_classes(x))
