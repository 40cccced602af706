"""`mnist_siamese.py`: one network for both inputs, a contrastive loss."""
import numpy as np
from keras import backend as K
from keras.layers import Dense, Dropout, Flatten, Input, Lambda
from keras.models import Model
from keras.optimizers import RMSprop, SGD
from recording import fix_weights, keep, keep_history


def euclidean_distance(vects):
    x, y = vects
    sum_square = K.sum(K.square(x - y), axis=1, keepdims=True)
    return K.sqrt(K.maximum(sum_square, K.epsilon()))


def eucl_dist_output_shape(shapes):
    shape1, shape2 = shapes
    return (shape1[0], 1)


def contrastive_loss(y_true, y_pred):
    margin = 1
    square_pred = K.square(y_pred)
    margin_square = K.square(K.maximum(margin - y_pred, 0))
    return K.mean(y_true * square_pred + (1 - y_true) * margin_square)


def create_base_network(input_shape):
    input = Input(shape=input_shape)
    x = Flatten()(input)
    x = Dense(6, activation='relu')(x)
    x = Dropout(0.0)(x)
    x = Dense(4, activation='relu')(x)
    return Model(input, x)


def accuracy(y_true, y_pred):
    return K.mean(K.equal(y_true, K.cast(y_pred < 0.5, y_true.dtype)))


rng = np.random.RandomState(77)
pairs = rng.rand(12, 2, 3, 3)
labels = rng.randint(2, size=12).astype('float32')
input_shape = (3, 3)
base_network = create_base_network(input_shape)
input_a = Input(shape=input_shape)
input_b = Input(shape=input_shape)
processed_a = base_network(input_a)
processed_b = base_network(input_b)
distance = Lambda(euclidean_distance, output_shape=eucl_dist_output_shape)([processed_a, processed_b])
model = Model([input_a, input_b], distance)
fix_weights(model)
keep('predictions', model.predict([pairs[:, 0], pairs[:, 1]]))
model.compile(loss=contrastive_loss, optimizer=SGD(lr=0.1), metrics=[accuracy])
history = model.fit([pairs[:, 0], pairs[:, 1]], labels, batch_size=6, epochs=2, shuffle=False, verbose=0,
                    validation_data=([pairs[:, 0], pairs[:, 1]], labels))
keep_history(history)
keep('accuracy', history.history['val_accuracy'][-1])
model.compile(loss=contrastive_loss, optimizer=RMSprop(), metrics=[accuracy])
keep_history(model.fit([pairs[:, 0], pairs[:, 1]], labels, batch_size=6, epochs=2, shuffle=False, verbose=0), 'rmsprop')
