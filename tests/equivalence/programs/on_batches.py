"""train_on_batch, test_on_batch and predict_on_batch, with sparse labels and a temporal weight."""
# fails on 2.15, 2.21 from 2.2.4: metrics_names has the short names
import numpy as np
from keras.layers import Dense, GRU, TimeDistributed
from keras.models import Sequential
from keras.optimizers import SGD
from keras.preprocessing.sequence import TimeseriesGenerator
from recording import fix_weights, keep, keep_training

rng = np.random.RandomState(90)
series = rng.normal(size=(14, 2))
generator = TimeseriesGenerator(series, series[:, 0], length=4, batch_size=5)
x, y = generator[0]
keep('windows', x[:2])
model = Sequential()
model.add(GRU(4, recurrent_activation='hard_sigmoid', reset_after=False, input_shape=(4, 2)))
model.add(Dense(1))
fix_weights(model)
model.compile(loss='mse', optimizer=SGD(lr=0.05, momentum=0.5), metrics=['mae'])
keep('predictions', model.predict_on_batch(x))
keep('tested', model.test_on_batch(x, y))
keep_training('trained', [model.train_on_batch(*generator[i % len(generator)]) for i in range(4)])
keep('names', model.metrics_names)

tagger = Sequential()
tagger.add(GRU(3, return_sequences=True, input_shape=(4, 2)))
tagger.add(TimeDistributed(Dense(1)))
fix_weights(tagger, 'tagger')
tagger.compile(loss='mse', optimizer='sgd', sample_weight_mode='temporal')
keep_training('weighted', tagger.train_on_batch(x, x[:, :, :1], sample_weight=np.ones((5, 4))))
