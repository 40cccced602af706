"""Where a model begins: InputLayer, input_dim with input_length, batch_input_shape, a batch shape."""
import numpy as np
from keras.layers import Dense, Embedding, Flatten, Input, InputLayer, LSTM
from keras.models import Model, Sequential
from recording import fix_weights, keep

rng = np.random.RandomState(92)
x = rng.normal(size=(4, 3))
model = Sequential()
model.add(InputLayer(input_shape=(3,), name='begin'))
model.add(Dense(2))
fix_weights(model, 'input layer')
keep('input layer', model.predict(x))

model = Sequential()
model.add(InputLayer(batch_input_shape=(2, 3)))
model.add(Dense(2))
fix_weights(model, 'batch input shape')
keep('batch input shape', model.predict(x, batch_size=2))

model = Sequential()
model.add(LSTM(3, input_dim=2, input_length=4, recurrent_activation='sigmoid'))
fix_weights(model, 'input length')
keep('input length', model.predict(rng.normal(size=(2, 4, 2))))

words = Sequential()
words.add(Embedding(8, 2, input_length=3))
words.add(Flatten())
words.add(Dense(1))
fix_weights(words, 'words')
keep('count', words.count_params())
keep('words', words.predict(rng.randint(8, size=(4, 3))))

tensor = Input(batch_shape=(2, 3), dtype='float32', name='tensor')
model = Model(tensor, Dense(1)(tensor))
fix_weights(model, 'tensor')
keep('tensor', model.predict(x, batch_size=2))
