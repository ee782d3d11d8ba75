"""Records of event files as TensorBoard's own writer makes them.

python tools/golden/logs.py > packages/logs/test/golden.json && npx biome format --write packages/logs/test
"""

import base64
import io
import json

import tensorboard
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

seconds = 1234567890.125
events = [
    {"fileVersion": "brain.Event:2"},
    {"step": 0, "scalars": [["loss/step", 0.5]]},
    {"step": 300, "scalars": [["loss/train", 1.25], ["Verlust/Größe", -3e-7], ["accuracy/validation", 1.0]]},
    {"step": 2**31 + 7, "scalars": [["learningRate", 1e-3]]},
    {"step": 301, "sessionStart": True},
]


def message(event):
    result = Event(wall_time=seconds, step=event.get("step", 0))
    if "fileVersion" in event:
        result.file_version = event["fileVersion"]
    if "scalars" in event:
        result.summary.CopyFrom(Summary(value=[Summary.Value(tag=t, simple_value=v) for t, v in event["scalars"]]))
    if "sessionStart" in event:
        result.session_log.CopyFrom(SessionLog(status=SessionLog.START))
    return result


def record(event):
    file = io.BytesIO()
    RecordWriter(file).write(message(event).SerializeToString())
    return base64.b64encode(file.getvalue()).decode()


records = [{"event": event, "base64": record(event)} for event in events]
print(json.dumps({"tensorboard": tensorboard.__version__, "seconds": seconds, "records": records}, ensure_ascii=False))
