"""`antirectifier.py`: a layer without weights."""
# sources: 1.2.2
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout, Layer, Activation
from keras import backend as K
from keras.utils import np_utils
from recording import fix_weights, keep, keep_history


class Antirectifier(Layer):
    def get_output_shape_for(self, input_shape):
        shape = list(input_shape)
        assert len(shape) == 2  # only valid for 2D tensors
        shape[-1] *= 2
        return tuple(shape)

    def call(self, x, mask=None):
        x -= K.mean(x, axis=1, keepdims=True)
        x = K.l2_normalize(x, axis=1)
        pos = K.relu(x)
        neg = K.relu(-x)
        return K.concatenate([pos, neg], axis=1)


rng = np.random.RandomState(122)
X_train, y_train = rng.rand(8, 6), np_utils.to_categorical(rng.randint(0, 3, 8), 3)
model = Sequential()
model.add(Dense(5, input_shape=(6,)))
model.add(Antirectifier())
model.add(Dropout(0.))
model.add(Dense(4))
model.add(Antirectifier())
model.add(Dense(3))
model.add(Activation('softmax'))
fix_weights(model)
model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
keep('predictions', model.predict(X_train))
keep_history(model.fit(X_train, y_train, batch_size=4, nb_epoch=2, verbose=0, shuffle=False))
