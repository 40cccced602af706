"""`merge` with functions and lambdas for its mode."""
# sources: 1.2.2
import numpy as np
from keras import backend as K
from keras.layers import Dense, Input, merge
from keras.models import Model
from recording import fix_weights, keep

rng = np.random.RandomState(115)
X1, X2 = rng.normal(size=(3, 6)), rng.normal(size=(3, 6))


def euclidean_distance(vects):
    x, y = vects
    return K.sqrt(K.sum(K.square(x - y), axis=1, keepdims=True))


def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


one, other = Input(shape=(6,)), Input(shape=(6,))
shared = Dense(4, activation='tanh')
a, b = shared(one), shared(other)
distance = merge([a, b], mode=euclidean_distance, output_shape=eucl_dist_output_shape)
difference = merge([a, b], mode=lambda x: x[0] - x[1], output_shape=lambda x: x[0])
absolute = merge([a, b], mode=lambda x: K.abs(x[0] - x[1]), output_shape=(4,), name='absolute')
model = Model(input=[one, other], output=[distance, difference, Dense(2)(absolute)])
fix_weights(model)
for name, value in zip(['distance', 'difference', 'absolute'], model.predict([X1, X2])):
    keep(name, value)
