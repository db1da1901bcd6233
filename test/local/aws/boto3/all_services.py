"""A person at a Python prompt, through all services of one region. Prints one JSON object of what was seen."""
import datetime
import json
import sys

import boto3

from asking import code, until

session = boto3.Session(profile_name="eu-central-1")
(iam, sts, dynamodb, s3, functions, sns, sqs, cloudwatch, logs) = (
    session.client(name)
    for name in ("iam", "sts", "dynamodb", "s3", "lambda", "sns", "sqs", "cloudwatch", "logs")
)
seen = {}


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def trust(principal):
    return policy({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"})


account = sts.get_caller_identity()["Account"]
seen["account"] = account

dynamodb.create_table(
    TableName="payments",
    BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[
        {"AttributeName": "transaction_id", "AttributeType": "S"},
        {"AttributeName": "timestamp", "AttributeType": "N"},
    ],
    KeySchema=[
        {"AttributeName": "transaction_id", "KeyType": "HASH"},
        {"AttributeName": "timestamp", "KeyType": "RANGE"},
    ],
)
dynamodb.get_waiter("table_exists").wait(TableName="payments", WaiterConfig={"Delay": 1})
s3.create_bucket(
    Bucket="payment-audit", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
)
s3.put_bucket_versioning(
    Bucket="payment-audit", VersioningConfiguration={"Status": "Enabled"}
)
seen["bad version"] = code(
    lambda: s3.get_object(Bucket="payment-audit", Key="k", VersionId="bad")
)

role = iam.create_role(
    RoleName="payments", AssumeRolePolicyDocument=trust({"Service": "lambda.amazonaws.com", "AWS": account})
)["Role"]["Arn"]
iam.put_role_policy(
    RoleName="payments",
    PolicyName="work",
    PolicyDocument=policy(
        {"Effect": "Allow", "Action": ["dynamodb:*", "s3:*", "logs:*", "sqs:SendMessage"], "Resource": "*"}
    ),
)
simulated = iam.simulate_principal_policy(
    PolicySourceArn=role, ActionNames=["s3:PutObject", "sns:Publish"], ResourceArns=["*"]
)["EvaluationResults"]
seen["simulated"] = [[result["EvalDecision"], len(result["MatchedStatements"])] for result in simulated]
seen["roles"] = iam.get_account_summary()["SummaryMap"]["Roles"]
functions.create_function(
    FunctionName="pay",
    PackageType="Image",
    Code={"ImageUri": f"{account}.dkr.ecr.eu-central-1.amazonaws.com/payment-processor:1"},
    Role=role,
    Timeout=20,
    Environment={
        "Variables": {"DYNAMODB_TABLE": "payments", "S3_BUCKET": "payment-audit", "REGION": "eu-central-1"}
    },
)
functions.get_waiter("function_active_v2").wait(FunctionName="pay", WaiterConfig={"Delay": 1})


def pay(event, **more):
    answer = functions.invoke(FunctionName="pay", Payload=json.dumps(event), **more)
    return answer, answer["Payload"].read().decode()


answer, body = pay({"transaction_id": "t1", "amount": "12.50"}, LogType="Tail")
seen["paid"] = [answer["StatusCode"], answer.get("FunctionError"), json.loads(body)["statusCode"]]
seen["items"] = dynamodb.scan(TableName="payments", Select="COUNT")["Count"]
seen["audit"] = [
    entry["Key"] for entry in s3.list_objects_v2(Bucket="payment-audit")["Contents"]
]
seen["functions"] = functions.get_account_settings()["AccountUsage"]["FunctionCount"]
seen["version"] = code(lambda: functions.publish_version(FunctionName="pay"))


def logged(pattern):
    try:
        return logs.filter_log_events(logGroupName="/aws/lambda/pay", filterPattern=pattern)["events"]
    except logs.exceptions.ResourceNotFoundException:
        return []


report = until(lambda: logged("REPORT"))
seen["report"] = report[0]["message"].startswith("REPORT RequestId: ")
logs.put_retention_policy(logGroupName="/aws/lambda/pay", retentionInDays=14)
seen["retention"] = logs.describe_log_groups()["logGroups"][0]["retentionInDays"]
seen["insights"] = code(
    lambda: logs.start_query(logGroupName="/aws/lambda/pay", startTime=0, endTime=1, queryString="x")
)

queue = sqs.create_queue(QueueName="alarms")["QueueUrl"]
queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
topic = sns.create_topic(Name="alarms")["TopicArn"]
sqs.set_queue_attributes(
    QueueUrl=queue,
    Attributes={
        "Policy": policy(
            {
                "Effect": "Allow",
                "Principal": {"Service": "sns.amazonaws.com"},
                "Action": "sqs:SendMessage",
                "Resource": queue_arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
            }
        )
    },
)
sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn, Attributes={"RawMessageDelivery": "true"})


def received():
    messages = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return messages[0]["Body"] if messages else None


sns.publish(TopicArn=topic, Message="by hand")
seen["published"] = received()
subscription = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"][0]["SubscriptionArn"]


def set_filter(written):
    sns.set_subscription_attributes(
        SubscriptionArn=subscription, AttributeName="FilterPolicy", AttributeValue=json.dumps(written)
    )


set_filter({"state": [{"anything-but": "OK"}]})
for state in ("OK", "ALARM"):
    sns.publish(
        TopicArn=topic, Message=state, MessageAttributes={"state": {"DataType": "String", "StringValue": state}}
    )
seen["filtered"] = [received(), code(lambda: set_filter({"state": "OK"}))]
set_filter({})

functions.put_function_event_invoke_config(
    FunctionName="pay",
    MaximumRetryAttempts=0,
    DestinationConfig={"OnFailure": {"Destination": queue_arn}},
)
dynamodb.delete_table(TableName="payments")
pay({"transaction_id": "t2", "amount": "1.00"}, InvocationType="Event")
failed = json.loads(until(received))
seen["given up"] = [failed["requestContext"]["condition"], failed["requestPayload"]["transaction_id"]]

cloudwatch.put_metric_alarm(
    AlarmName="errors",
    Namespace="AWS/Lambda",
    MetricName="Errors",
    Dimensions=[{"Name": "FunctionName", "Value": "pay"}],
    Statistic="Sum",
    Period=60,
    EvaluationPeriods=1,
    Threshold=0,
    ComparisonOperator="GreaterThanThreshold",
)
cloudwatch.put_composite_alarm(AlarmName="any", AlarmRule="ALARM(errors)", AlarmActions=[topic])
cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="drill")
told = json.loads(until(received))
seen["told"] = [told["AlarmName"], told["NewStateValue"], told["TriggeringChildren"][0]["State"]["Value"]]
now = datetime.datetime.now(datetime.timezone.utc)
errors = cloudwatch.get_metric_statistics(
    Namespace="AWS/Lambda",
    MetricName="Errors",
    Dimensions=[{"Name": "FunctionName", "Value": "pay"}],
    StartTime=now - datetime.timedelta(minutes=10),
    EndTime=now + datetime.timedelta(minutes=1),
    Period=3600,
    Statistics=["Sum"],
)["Datapoints"]
seen["errors"] = sum(point["Sum"] for point in errors)

iam.put_role_policy(
    RoleName="payments", PolicyName="work", PolicyDocument=policy({"Effect": "Deny", "Action": "*", "Resource": "*"})
)
keys = sts.assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
other = boto3.Session(
    aws_access_key_id=keys["AccessKeyId"],
    aws_secret_access_key=keys["SecretAccessKey"],
    aws_session_token=keys["SessionToken"],
    region_name="eu-central-1",
)
denied = {
    "dynamodb": lambda client: client.list_tables(),
    "s3": lambda client: client.list_buckets(),
    "lambda": lambda client: client.list_functions(),
    "sns": lambda client: client.list_topics(),
    "sqs": lambda client: client.list_queues(),
    "cloudwatch": lambda client: client.describe_alarms(),
    "logs": lambda client: client.describe_log_groups(),
    "iam": lambda client: client.list_roles(),
}
seen["denied"] = {
    name: code(lambda: call(other.client(name, endpoint_url=sts.meta.endpoint_url)))
    for name, call in denied.items()
}
json.dump(seen, sys.stdout)
