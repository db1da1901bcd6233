"""A person at a Python prompt: tables and buckets in two regions. Prints one JSON object of what was seen."""
import io
import json

import boto3

from asking import code, until


seen = {}
east, west = (boto3.Session(profile_name=region) for region in ("us-east-1", "us-west-2"))

dynamodb = east.client("dynamodb")
dynamodb.create_table(
    TableName="payments",
    BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
    KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
)
until(lambda: dynamodb.describe_table(TableName="payments")["Table"]["TableStatus"] == "ACTIVE")
dynamodb.update_table(
    TableName="payments", ReplicaUpdates=[{"Create": {"RegionName": "us-west-2"}}]
)
table = east.resource("dynamodb").Table("payments")
table.put_item(Item={"id": "t1", "amount": "12.50", "lines": [{"sku": "a", "count": 2}]})
there = west.resource("dynamodb").Table("payments")
# Until the replica is there, it is a table that does not exist.
item = until(lambda: code(there.load) is None and there.table_status == "ACTIVE" and there.get_item(Key={"id": "t1"}).get("Item"))
seen["item"] = {"amount": item["amount"], "count": int(item["lines"][0]["count"])}
seen["second put"] = code(
    lambda: table.put_item(Item={"id": "t1"}, ConditionExpression="attribute_not_exists(id)")
)

s3, far = east.client("s3"), west.client("s3")
s3.create_bucket(Bucket="audit-east")
far.create_bucket(
    Bucket="audit-west", CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
)
for client, bucket in ((s3, "audit-east"), (far, "audit-west")):
    client.put_bucket_versioning(
        Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}
    )
iam = east.client("iam")
statement = {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
role = iam.create_role(
    RoleName="replication",
    AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
)["Role"]["Arn"]


def allow(actions):
    statement = {"Effect": "Allow", "Action": actions, "Resource": "arn:aws:s3:::audit-*"}
    document = {"Version": "2012-10-17", "Statement": [statement]}
    iam.put_role_policy(
        RoleName="replication", PolicyName="p", PolicyDocument=json.dumps(document)
    )


reading = [
    "s3:GetReplicationConfiguration",
    "s3:ListBucket",
    "s3:GetObjectVersionForReplication",
    "s3:GetObjectVersionAcl",
]
allow(reading)
s3.put_bucket_replication(
    Bucket="audit-east",
    ReplicationConfiguration={
        "Role": role,
        "Rules": [
            {
                "ID": "all",
                "Priority": 1,
                "Status": "Enabled",
                "Filter": {"Prefix": ""},
                "DeleteMarkerReplication": {"Status": "Enabled"},
                "Destination": {"Bucket": "arn:aws:s3:::audit-west"},
            }
        ],
    },
)


def settled(key):
    status = s3.head_object(Bucket="audit-east", Key=key)["ReplicationStatus"]
    return status if status != "PENDING" else None


s3.put_object(Bucket="audit-east", Key="denied", Body=b"x")
seen["without ReplicateObject"] = until(lambda: settled("denied"))
allow([*reading, "s3:ReplicateObject"])
s3.put_object(Bucket="audit-east", Key="allowed", Body=b"audit", ChecksumAlgorithm="SHA256")
seen["with ReplicateObject"] = until(lambda: settled("allowed"))
replica = far.get_object(Bucket="audit-west", Key="allowed", ChecksumMode="ENABLED")
seen["replica"] = {"body": replica["Body"].read().decode(), "status": replica["ReplicationStatus"]}

# The managed transfer uploads in parts, and reads in ranges.
big = bytes(range(256)) * 40_000
s3.upload_fileobj(io.BytesIO(big), "audit-east", "big")
back = io.BytesIO()
s3.download_fileobj("audit-east", "big", back)
seen["big comes back"] = back.getvalue() == big
bucket = east.resource("s3").Bucket("audit-east")
bucket.object_versions.delete()
bucket.delete()
seen["buckets left"] = [entry["Name"] for entry in s3.list_buckets()["Buckets"]]
print(json.dumps(seen))
