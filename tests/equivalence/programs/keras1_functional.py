"""The guide to the functional API of 2016: two inputs, two outputs, weights for losses, a shared layer."""
# sources: 1.2.2
import numpy as np
from keras.layers import Dense, Embedding, Input, LSTM, merge
from keras.models import Model
from recording import fix_weights, keep, keep_training

rng = np.random.RandomState(116)
headline_data = rng.randint(1, 20, size=(8, 6))
additional_data = rng.normal(size=(8, 5))
labels = rng.randint(0, 2, size=(8, 1))

main_input = Input(shape=(6,), dtype='int32', name='main_input')
x = Embedding(output_dim=5, input_dim=20, input_length=6)(main_input)
lstm_out = LSTM(4)(x)
auxiliary_loss = Dense(1, activation='sigmoid', name='aux_output')(lstm_out)
auxiliary_input = Input(shape=(5,), name='aux_input')
x = merge([lstm_out, auxiliary_input], mode='concat')
dense = Dense(9, activation='relu')
x = dense(x)
x = Dense(9, activation='relu')(x)
x = dense(x)
main_loss = Dense(1, activation='sigmoid', name='main_output')(x)
model = Model(input=[main_input, auxiliary_input], output=[main_loss, auxiliary_loss])
fix_weights(model)

model.compile(optimizer='sgd',
              loss={'main_output': 'binary_crossentropy', 'aux_output': 'mse'},
              loss_weights={'main_output': 1., 'aux_output': 0.2})
main, aux = model.predict([headline_data, additional_data])
keep('main', main)
keep('aux', aux)
history = model.fit({'main_input': headline_data, 'aux_input': additional_data},
                    {'main_output': labels, 'aux_output': labels},
                    nb_epoch=2, batch_size=4, verbose=0, shuffle=False)
keep_training('losses', history.history['loss'])
keep_training('main losses', history.history['main_output_loss'])
keep_training('aux losses', history.history['aux_output_loss'])
