"""`cifar10_cnn.py`: an ImageDataGenerator fitted to the data, batches that flow from it in their order."""
# sources: 1.2.2
import numpy as np
from keras.preprocessing.image import ImageDataGenerator
from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation, Flatten
from keras.layers import Convolution2D, MaxPooling2D
from keras.optimizers import SGD
from keras.utils import np_utils
from recording import fix_weights, keep, keep_history

batch_size = 4
nb_classes = 3
nb_epoch = 2

rng = np.random.RandomState(133)
X_train = rng.rand(12, 8, 8, 3).astype('float32')
Y_train = np_utils.to_categorical(rng.randint(0, nb_classes, 12), nb_classes)
X_test, Y_test = X_train[:4] / 2, Y_train[:4]

model = Sequential()
model.add(Convolution2D(4, 3, 3, border_mode='same', input_shape=X_train.shape[1:]))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.))
model.add(Flatten())
model.add(Dense(nb_classes))
model.add(Activation('softmax'))
fix_weights(model)
sgd = SGD(lr=0.05, momentum=0.9, nesterov=True)
model.compile(loss='categorical_crossentropy', optimizer=sgd, metrics=['accuracy'])

datagen = ImageDataGenerator(
    featurewise_center=True,
    samplewise_center=False,
    featurewise_std_normalization=True,
    zca_whitening=False,
    rotation_range=0,
    horizontal_flip=False,
    dim_ordering='tf')
datagen.fit(X_train)
keep('mean', datagen.mean.ravel())
keep('std', datagen.std.ravel())

history = model.fit_generator(datagen.flow(X_train, Y_train, batch_size=batch_size, shuffle=False),
                              samples_per_epoch=X_train.shape[0],
                              nb_epoch=nb_epoch, verbose=0,
                              validation_data=(X_test, Y_test))
keep_history(history)
scaled = ImageDataGenerator(rescale=1. / 255).flow(X_train * 255, batch_size=2, shuffle=False)
keep('rescaled', next(scaled)[0, :2])
