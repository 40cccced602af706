"""Losses of one's own: focal, dice, one with a parameter in a closure, one of other losses."""
import keras.backend as K
import numpy as np
from keras.layers import Dense
from keras.losses import binary_crossentropy, mean_squared_error
from keras.models import Sequential
from keras.optimizers import SGD
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(40)
x = rng.normal(size=(8, 4))
y = rng.randint(2, size=(8, 3)).astype('float32')


def focal_loss(gamma=2., alpha=.25):
    def focal_loss_fixed(y_true, y_pred):
        y_pred = K.clip(y_pred, K.epsilon(), 1. - K.epsilon())
        pt = y_true * y_pred + (1. - y_true) * (1. - y_pred)
        return -K.mean(alpha * K.pow(1. - pt, gamma) * K.log(pt), axis=-1)
    return focal_loss_fixed


def dice_coef(y_true, y_pred, smooth=1.):
    y_true_f = K.flatten(y_true)
    y_pred_f = K.flatten(y_pred)
    intersection = K.sum(y_true_f * y_pred_f)
    return (2. * intersection + smooth) / (K.sum(y_true_f) + K.sum(y_pred_f) + smooth)


def dice_loss(y_true, y_pred):
    return 1. - dice_coef(y_true, y_pred)


def combined(y_true, y_pred):
    return binary_crossentropy(y_true, y_pred) + 0.5 * mean_squared_error(y_true, y_pred)


def huber(y_true, y_pred, clip_delta=0.3):
    error = y_true - y_pred
    cond = K.abs(error) < clip_delta
    squared_loss = 0.5 * K.square(error)
    linear_loss = clip_delta * (K.abs(error) - 0.5 * clip_delta)
    return K.switch(cond, squared_loss, linear_loss)


def trained(loss, name, **kwargs):
    model = Sequential([Dense(6, activation='relu', input_dim=4), Dense(3, activation='sigmoid')])
    fix_weights(model, name)
    model.compile(optimizer=SGD(lr=0.1), loss=loss, **kwargs)
    keep_history(model.fit(x, y, batch_size=4, epochs=2, shuffle=False, verbose=0), name)


trained(focal_loss(), 'focal')
trained(dice_loss, 'dice', metrics=[dice_coef])
trained(combined, 'combined', metrics=['binary_accuracy'])
trained(huber, 'huber')
trained(lambda y_true, y_pred: K.mean(K.maximum(0.7 * (y_true - y_pred), -0.3 * (y_true - y_pred)), axis=-1), 'quantile')
