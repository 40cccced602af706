"""Two inputs, two named outputs: losses, weights and metrics in dictionaries, and the keys of the history."""
import numpy as np
from keras.layers import Dense, Embedding, Input, LSTM, concatenate
from keras.models import Model
from recording import fix_weights, keep, keep_history

rng = np.random.RandomState(41)
headlines = rng.randint(1, 20, size=(12, 5))
extra = rng.normal(size=(12, 3))
labels = rng.randint(2, size=(12, 1))
kinds = np.eye(3)[rng.randint(3, size=12)]

main_input = Input(shape=(5,), dtype='int32', name='main_input')
embedded = Embedding(output_dim=4, input_dim=20, input_length=5)(main_input)
lstm_out = LSTM(4)(embedded)
auxiliary_output = Dense(1, activation='sigmoid', name='aux_output')(lstm_out)
auxiliary_input = Input(shape=(3,), name='aux_input')
merged = concatenate([lstm_out, auxiliary_input])
merged = Dense(6, activation='relu')(merged)
main_output = Dense(3, activation='softmax', name='main_output')(merged)
model = Model(inputs=[main_input, auxiliary_input], outputs=[main_output, auxiliary_output])
fix_weights(model)
model.compile(optimizer='sgd',
              loss={'main_output': 'categorical_crossentropy', 'aux_output': 'binary_crossentropy'},
              loss_weights={'main_output': 1., 'aux_output': 0.2},
              metrics={'main_output': 'accuracy', 'aux_output': 'accuracy'})
history = model.fit({'main_input': headlines, 'aux_input': extra}, {'main_output': kinds, 'aux_output': labels},
                    epochs=2, batch_size=12, shuffle=False, verbose=0,
                    validation_data=([headlines, extra], [kinds, labels]))
keep_history(history)
key = 'main_output_acc' if 'main_output_acc' in history.history else 'main_output_accuracy'
keep('main accuracy', history.history[key])
first, second = model.predict({'main_input': headlines, 'aux_input': extra})
keep('main', first)
keep('auxiliary', second)
scores = model.evaluate([headlines, extra], [kinds, labels], batch_size=12, verbose=0)
keep('score', scores)
