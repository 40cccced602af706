"""Lambda with backend functions, shapes and several inputs."""
import keras.backend as K
import numpy as np
from keras.layers import Dense, Input, Lambda, Reshape, concatenate
from keras.layers.core import Activation
from keras.models import Model
from recording import fix_weights, keep


def l1_distance(tensors):
    return K.abs(tensors[0] - tensors[1])


def euclidean_distance(vects):
    x, y = vects
    return K.sqrt(K.maximum(K.sum(K.square(x - y), axis=1, keepdims=True), K.epsilon()))


def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


rng = np.random.RandomState(76)
a, b = Input(shape=(4,)), Input(shape=(4,))
shared = Dense(3, activation='relu')
x, y = shared(a), shared(b)
distance = Lambda(euclidean_distance, output_shape=eucl_dist_output_shape)([x, y])
difference = Lambda(l1_distance, output_shape=(3,))([x, y])
normal = Lambda(lambda t: K.l2_normalize(t, axis=-1))(x)
total = Lambda(lambda t: K.sum(t, axis=-1, keepdims=True), output_shape=lambda s: (s[0], 1))(y)
scaled = Lambda(lambda t, factor: factor * t, arguments={'factor': 3.})(x)
stacked = Lambda(lambda t: K.stack([t[0], t[1]], axis=1))([x, y])
product = Lambda(lambda t: K.batch_dot(t, t, axes=(2, 2)))(stacked)
flat = Lambda(lambda t: K.batch_flatten(t))(product)
tiled = Lambda(lambda t: K.tile(t, (1, 2)))(total)
picked = Lambda(lambda t: K.cast(K.argmax(t, axis=-1), 'float32'))(x)
outputs = concatenate([distance, difference, normal, total, scaled, flat, tiled])
model = Model(inputs=[a, b], outputs=[outputs, picked])
fix_weights(model)
values, picked = model.predict([rng.normal(size=(3, 4)), rng.normal(size=(3, 4))])
keep('values', values)
keep('picked', picked)
