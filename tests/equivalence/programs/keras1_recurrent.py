"""Recurrent layers with what Keras 1 called their arguments."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense, GRU, Input, LSTM, SimpleRNN
from keras.models import Model, Sequential
from keras.regularizers import l2
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(109)
X, y = rng.normal(size=(6, 5, 3)), rng.normal(size=(6, 2))

model = Sequential()
model.add(LSTM(output_dim=5, init='glorot_uniform', inner_init='orthogonal', forget_bias_init='one',
               activation='tanh', inner_activation='hard_sigmoid', input_shape=(5, 3), return_sequences=True))
model.add(GRU(4, inner_activation='sigmoid', return_sequences=True, consume_less='gpu'))
model.add(SimpleRNN(4, init='normal', inner_init='identity', activation='relu', return_sequences=True))
model.add(LSTM(3, forget_bias_init='zero', inner_activation='sigmoid', go_backwards=True, consume_less='mem'))
model.add(Dense(2))
fix_weights(model)
model.compile('sgd', 'mse')
keep('predictions', model.predict(X))
keep_history(model.fit(X, y, nb_epoch=2, batch_size=3, shuffle=False, verbose=0))

sentence = Input(shape=(5, 3), dtype='float32')
steps = [LSTM(4)(sentence), LSTM(4, consume_less='gpu')(sentence), GRU(4)(sentence), GRU(4, consume_less='mem')(sentence),
         SimpleRNN(4)(sentence), LSTM(2, unroll=True)(sentence)]
model = Model(input=sentence, output=steps)
fix_weights(model, 'defaults')
for number, state in enumerate(model.predict(X)):
    keep('defaults %d' % number, state)

model = Sequential()
model.add(GRU(3, input_dim=3, input_length=5, consume_less='gpu', W_regularizer=l2(0.01), U_regularizer=l2(0.02), b_regularizer=l2(0.03)))
fix_weights(model, 'regularized')
model.compile('sgd', 'mse')
keep('regularized', model.evaluate(X, y[:, [0, 1, 1]], verbose=0))
