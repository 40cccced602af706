"""The VGG of 2015: padding as layers of its own, names for layers, features of an inner layer, frozen layers."""
# sources: 1.2.2
import numpy as np
from keras.models import Model, Sequential
from keras.layers import Flatten, Dense, Dropout
from keras.layers import Convolution2D, MaxPooling2D, ZeroPadding2D
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history, keep_training

rng = np.random.RandomState(140)
images = rng.rand(4, 8, 8, 3)


def VGG(weights_path=None):
    model = Sequential()
    model.add(ZeroPadding2D((1, 1), input_shape=(8, 8, 3)))
    model.add(Convolution2D(3, 3, 3, activation='relu', name='conv1_1'))
    model.add(ZeroPadding2D((1, 1)))
    model.add(Convolution2D(4, 3, 3, activation='relu', name='conv1_2'))
    model.add(MaxPooling2D((2, 2), strides=(2, 2)))

    model.add(Flatten())
    model.add(Dense(8, activation='relu', name='fc6'))
    model.add(Dropout(0.))
    model.add(Dense(5, activation='softmax', name='fc7'))

    if weights_path:
        model.load_weights(weights_path)

    return model


model = VGG()
fix_weights(model)
features = Model(input=model.input, output=model.get_layer('fc6').output)
keep('features', features.predict(images))
for layer in model.layers[:5]:
    layer.trainable = False
model.pop()
model.pop()
model.add(Dense(2, activation='softmax', name='fc8'))
fix_weights(model, 'tuned')
model.compile(optimizer=SGD(lr=0.1, momentum=0.9), loss='categorical_crossentropy')
keep('tuned', model.predict(images))
keep_history(model.fit(images, np.eye(2)[[0, 1, 1, 0]], nb_epoch=2, batch_size=2, shuffle=False, verbose=0))
keep_training('after', model.predict(images))
