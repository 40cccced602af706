"""`mnist_siamese_graph.py`: a network shared by two inputs, a distance in a Lambda, a contrastive loss."""
# sources: 1.2.2
import numpy as np
from keras.models import Sequential, Model
from keras.layers import Dense, Dropout, Input, Lambda
from keras.optimizers import SGD
from keras import backend as K
from recording import fix_weights, keep, keep_history


def euclidean_distance(vects):
    x, y = vects
    return K.sqrt(K.maximum(K.sum(K.square(x - y), axis=1, keepdims=True), K.epsilon()))


def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


def contrastive_loss(y_true, y_pred):
    margin = 1
    return K.mean(y_true * K.square(y_pred) + (1 - y_true) * K.square(K.maximum(margin - y_pred, 0)))


def create_base_network(input_dim):
    seq = Sequential()
    seq.add(Dense(8, input_shape=(input_dim,), activation='relu'))
    seq.add(Dropout(0.))
    seq.add(Dense(4, activation='tanh'))
    return seq


rng = np.random.RandomState(117)
pairs, y = rng.normal(size=(8, 2, 6)), rng.randint(0, 2, size=8)
input_dim = 6
base_network = create_base_network(input_dim)
input_a = Input(shape=(input_dim,))
input_b = Input(shape=(input_dim,))
processed_a = base_network(input_a)
processed_b = base_network(input_b)
distance = Lambda(euclidean_distance, output_shape=eucl_dist_output_shape)([processed_a, processed_b])
model = Model(input=[input_a, input_b], output=distance)
fix_weights(model)
model.compile(loss=contrastive_loss, optimizer=SGD(lr=0.1))
keep('distances', model.predict([pairs[:, 0], pairs[:, 1]]))
keep_history(model.fit([pairs[:, 0], pairs[:, 1]], y, validation_data=([pairs[:4, 0], pairs[:4, 1]], y[:4]),
                       batch_size=4, nb_epoch=2, verbose=0, shuffle=False))
