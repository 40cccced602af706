"""Lambda layers with and without a shape, and the operations of the backend that they used."""
# sources: 1.2.2
import numpy as np
from keras import backend as K
from keras.layers import Activation, Dense, Embedding, Input, Lambda, Permute, RepeatVector, merge
from keras.models import Model, Sequential
from recording import fix_weights, keep

rng = np.random.RandomState(138)
X = rng.normal(size=(3, 4))


def antirectifier(x):
    x -= K.mean(x, axis=1, keepdims=True)
    x = K.l2_normalize(x, axis=1)
    return K.concatenate([K.relu(x), K.relu(-x)], axis=1)


def antirectifier_output_shape(input_shape):
    shape = list(input_shape)
    assert len(shape) == 2
    shape[-1] *= 2
    return tuple(shape)


model = Sequential()
model.add(Dense(5, input_dim=4))
model.add(Lambda(lambda x: x ** 2))
model.add(Lambda(antirectifier, output_shape=antirectifier_output_shape))
model.add(Lambda(lambda x, power: K.pow(x, power), arguments={'power': 2}))
model.add(Lambda(lambda x: K.clip(x, 0.1, 0.9), output_shape=(10,)))
model.add(Dense(2))
fix_weights(model)
model.compile('sgd', 'mse')
keep('predictions', model.predict(X))

words = Input(shape=(5,), dtype='int32')
embedded = Embedding(9, 4)(words)
summed = Lambda(lambda xin: K.sum(xin, axis=1), output_shape=(4,))(embedded)
weights = Activation('softmax')(Dense(5)(summed))
repeated = Permute((2, 1))(RepeatVector(4)(weights))
attended = merge([embedded, repeated], mode='mul')
mean = Lambda(lambda xin: K.mean(xin, axis=-2), output_shape=lambda s: (s[0], s[2]))(attended)
model = Model(input=words, output=mean)
fix_weights(model, 'attention')
keep('attention', model.predict(rng.randint(0, 9, size=(3, 5))))
