"""Padding is masked, by Masking and by an embedding, through recurrent layers to the loss."""
import numpy as np
from keras.layers import LSTM, Dense, Embedding, GRU, Input, Masking, TimeDistributed, concatenate
from keras.models import Model
from keras.preprocessing.sequence import pad_sequences
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(26)
words = pad_sequences([[3, 4, 5], [1, 2], [6, 7, 8, 9], [5]], maxlen=6, padding='post', truncating='pre', value=0)
vectors = pad_sequences([rng.normal(size=(n, 3)) for n in (2, 6, 4, 3)], maxlen=6, dtype='float32', value=-1.)
word_input = Input(shape=(6,), dtype='int32', name='words')
vector_input = Input(shape=(6, 3), name='vectors')
a = Embedding(12, 4, mask_zero=True)(word_input)
a = LSTM(3, return_sequences=True)(a)
a = GRU(3)(a)
b = Masking(mask_value=-1.)(vector_input)
b = LSTM(2, recurrent_activation='sigmoid')(b)
tagged = TimeDistributed(Dense(2, activation='softmax'), name='tags')(LSTM(3, return_sequences=True)(Masking(-1.)(vector_input)))
score = Dense(1, name='score')(concatenate([a, b]))
model = Model([word_input, vector_input], [score, tagged])
fix_weights(model)
scores, tags = model.predict([words, vectors])
keep('padded', words)
keep('scores', scores)
keep('tags', tags[:2])
