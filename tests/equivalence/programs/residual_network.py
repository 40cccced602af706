"""`cifar10_resnet.py`: a function that stacks layers, shortcuts, regularized kernels, a schedule."""
# fails from 2.2.4: its BatchNormalization kept zero-debiased moving averages, which no release after it does
import numpy as np
from keras.callbacks import LearningRateScheduler, ReduceLROnPlateau
from keras.layers import Activation, AveragePooling2D, BatchNormalization, Conv2D, Dense, Flatten, Input
from keras.models import Model
from keras.optimizers import SGD
from keras.regularizers import l2
import keras
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(88)
x = rng.rand(8, 8, 8, 3)
x -= np.mean(x, axis=0)
y = keras.utils.to_categorical(rng.randint(3, size=8), 3)


def lr_schedule(epoch):
    lr = 1e-2
    if epoch > 0:
        lr *= 0.5e-1
    return lr


def resnet_layer(inputs, num_filters=4, kernel_size=3, strides=1, activation='relu', batch_normalization=True):
    conv = Conv2D(num_filters, kernel_size=kernel_size, strides=strides, padding='same',
                  kernel_initializer='he_normal', kernel_regularizer=l2(1e-4))
    x = conv(inputs)
    if batch_normalization:
        x = BatchNormalization()(x)
    if activation is not None:
        x = Activation(activation)(x)
    return x


inputs = Input(shape=(8, 8, 3))
h = resnet_layer(inputs=inputs)
for stack in range(2):
    strides = 2 if stack > 0 else 1
    g = resnet_layer(inputs=h, num_filters=4 * (stack + 1), strides=strides)
    g = resnet_layer(inputs=g, num_filters=4 * (stack + 1), activation=None)
    if stack > 0:
        h = resnet_layer(inputs=h, num_filters=8, kernel_size=1, strides=strides, activation=None,
                         batch_normalization=False)
    h = keras.layers.add([h, g])
    h = Activation('relu')(h)
h = AveragePooling2D(pool_size=4)(h)
outputs = Dense(3, activation='softmax', kernel_initializer='he_normal')(Flatten()(h))
model = Model(inputs=inputs, outputs=outputs)
fix_weights(model)
keep('predictions', model.predict(x))
model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=lr_schedule(0)), metrics=['accuracy'])
lr_reducer = ReduceLROnPlateau(factor=np.sqrt(0.1), cooldown=0, patience=5, min_lr=0.5e-6)
history = model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0, validation_data=(x, y),
                    callbacks=[lr_reducer, LearningRateScheduler(lr_schedule)])
keep_history(history)
