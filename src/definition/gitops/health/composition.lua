-- Health of a Composition and of its revisions. A Composition itself has no conditions: to be there is all it does.
if obj.metadata.deletionTimestamp ~= nil then
  return { status = "Progressing", message = "Being deleted" }
end
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  if condition.status == "False" then
    return { status = "Degraded", message = condition.message or condition.reason or condition.type }
  end
end
return { status = "Healthy", message = "Present" }
