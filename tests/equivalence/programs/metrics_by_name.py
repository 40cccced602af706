"""Every metric by name: what evaluate gives, and the names under which it is found."""
# fails on 2.15, 2.21: hinge and binary_crossentropy as metrics give other numbers
import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(37)
x = rng.normal(size=(8, 4))
one_hot = np.eye(3)[rng.randint(3, size=8)]
model = Sequential([Dense(6, activation='relu', input_shape=(4,)), Dense(3, activation='softmax')])
fix_weights(model)
model.compile(optimizer='sgd', loss='categorical_crossentropy',
              metrics=['accuracy', 'categorical_accuracy', 'binary_accuracy', 'mse', 'mae', 'mape', 'msle',
                       'top_k_categorical_accuracy', 'hinge', 'squared_hinge', 'poisson', 'binary_crossentropy',
                       'categorical_crossentropy'])
keep('evaluated', model.evaluate(x, one_hot, verbose=0))
keep_history(model.fit(x, one_hot, batch_size=4, epochs=2, shuffle=False, verbose=0))

model.compile('sgd', 'categorical_crossentropy', metrics=['mean_squared_error', 'mean_absolute_error',
                                                          'mean_absolute_percentage_error',
                                                          'mean_squared_logarithmic_error'])
keep('long names', model.evaluate(x, one_hot, verbose=0))
model.compile('sgd', 'categorical_crossentropy', metrics=['kullback_leibler_divergence', 'cosine_proximity'])
keep('gone names', model.evaluate(x, one_hot, verbose=0))

labels = rng.randint(3, size=(8, 1))
sparse = Sequential([Dense(3, activation='softmax', input_shape=(4,))])
fix_weights(sparse, 'sparse')
sparse.compile('sgd', 'sparse_categorical_crossentropy',
              metrics=['acc', 'sparse_categorical_accuracy', 'sparse_top_k_categorical_accuracy',
                       'sparse_categorical_crossentropy'])
keep('sparse', sparse.evaluate(x, labels, verbose=0))
