"""A layer used twice, and asked for each of its outputs."""
import numpy as np
from keras.layers import Dense, Input, LSTM, add
from keras.models import Model
from recording import fix_weights, keep

rng = np.random.RandomState(79)
tweet_a = Input(shape=(4, 3))
tweet_b = Input(shape=(4, 3))
shared_lstm = LSTM(3)
encoded_a = shared_lstm(tweet_a)
encoded_b = shared_lstm(tweet_b)
first = Model(tweet_a, shared_lstm.get_output_at(0))
second = Model(tweet_b, shared_lstm.get_output_at(1))
model = Model(inputs=[tweet_a, tweet_b], outputs=Dense(1, activation='sigmoid')(add([encoded_a, encoded_b])))
fix_weights(model)
a, b = rng.normal(size=(2, 4, 3)), rng.normal(size=(2, 4, 3))
keep('predictions', model.predict([a, b]))
keep('first', first.predict(a))
keep('second', second.predict(b))
keep('shape', list(shared_lstm.get_output_shape_at(0)))
keep('tensor', list(encoded_a._keras_shape))
