import subprocess
import sys


def test_openvino_comes_without_its_telemetry() -> None:
    code = (
        "import sys; from casekit.search import quiet; quiet.openvino(); quiet.prepare(); "
        "name = 'openvino_telemetry'; "
        "print([m for m in sys.modules if m.startswith(name + '.')], sys.modules[name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[] None\n"
