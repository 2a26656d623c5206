import subprocess
import sys


def test_openvino_comes_without_its_telemetry() -> None:
    code = (
        "import sys; from casekit.search import quiet; quiet.openvino(); quiet.prepare(); "
        "print([m for m in sys.modules if m.startswith('openvino_telemetry.')], sys.modules['openvino_telemetry'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[] None\n"
