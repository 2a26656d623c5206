"""FILES -> ITEMS: takes files into the case and reads them in a confined worker, resumable at any point."""

from casekit.ingest.provenance import Provenance, read_supplied_hashes
from casekit.ingest.report import IngestReport
from casekit.ingest.run import ingest

__all__ = ["IngestReport", "Provenance", "ingest", "read_supplied_hashes"]
