"""A process of its own that tells what boto3 makes of many machines: cases come in as JSON, answers go out as JSON.

Invariant: each case has an environment and a session of its own; only data files are shared.
"""

import json
import os
import sys
from typing import Any

import boto3
import botocore.session


def answer(case: dict[str, Any], loader: Any) -> dict[str, Any]:
    """The key id, the session token, the region and S3's address, or the error that came instead."""
    os.environ.clear()
    os.environ.update(case["environment"])
    try:
        core = botocore.session.Session()
        core.register_component("data_loader", loader)
        session = boto3.Session(profile_name=case["profile"], botocore_session=core)
        credentials = session.get_credentials()
        if credentials is None:
            return {"error": "NoCredentials"}
        keys = credentials.get_frozen_credentials()
        region = session.region_name
        client = session.client("s3", region_name=region or "us-east-1")
        address = client.meta.endpoint_url
    except Exception as error:  # whatever it says is its answer
        return {"error": type(error).__name__, "text": str(error)}
    return {
        "key": keys.access_key,
        "token": keys.token or None,
        "region": region or None,
        "endpoint": None if ".amazonaws.com" in address else address,
    }


def main() -> None:
    """Answers what is on standard input."""
    loader = botocore.session.Session().get_component("data_loader")
    json.dump([answer(case, loader) for case in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
