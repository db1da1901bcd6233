-- Health of a CompositeResourceDefinition: served once it is established, and offered where it has claims.
local function verdict(status, message)
  return { status = status, message = message }
end

local conditions = {}
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  conditions[condition.type] = condition
end

if obj.metadata.deletionTimestamp ~= nil then
  return verdict("Progressing", "Being deleted, and every resource of it first")
end
local needed = { "Established" }
if obj.spec.claimNames ~= nil then
  needed = { "Established", "Offered" }
end
for _, name in ipairs(needed) do
  local condition = conditions[name]
  if condition == nil then
    return verdict("Progressing", "Not " .. name .. " yet")
  end
  if condition.status ~= "True" then
    local message = condition.message
    if message == nil or message == "" then
      return verdict("Progressing", "Not " .. name .. " yet: " .. (condition.reason or "no reason given"))
    end
    return verdict("Degraded", message)
  end
end
return verdict("Healthy", "Its API is served")
